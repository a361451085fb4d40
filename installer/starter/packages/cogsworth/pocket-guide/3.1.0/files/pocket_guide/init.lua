-- /recipe tells how a thing is made, /uses what it is good for.

local MOST = 6

--- The item that `text` names: its exact name, or the only or first one that contains it.
local function find_item(text)
	text = text:lower():gsub("%s+", "_")
	if text == "" then
		return nil
	end
	if minetest.registered_items[text] then
		return text
	end
	local names = {}
	for name in pairs(minetest.registered_items) do
		if name:find(text, 1, true) and minetest.get_all_craft_recipes(name) then
			table.insert(names, name)
		end
	end
	table.sort(names, function(a, b)
		return #a == #b and a < b or #a < #b
	end)
	return names[1]
end

--- Ingredients as "3 x wood, stick".
local function ingredients(recipe)
	local counts, order = {}, {}
	for _, item in pairs(recipe.items) do
		if not counts[item] then
			table.insert(order, item)
		end
		counts[item] = (counts[item] or 0) + 1
	end
	table.sort(order)
	local words = {}
	for _, item in ipairs(order) do
		table.insert(words, counts[item] > 1 and counts[item] .. " x " .. item or item)
	end
	return table.concat(words, ", ")
end

minetest.register_chatcommand("recipe", {
	params = "<item>",
	description = "Tells how an item is made",
	func = function(_, text)
		local item = find_item(text)
		if not item then
			return false, "No item is called like that."
		end
		local lines = {}
		for index, recipe in ipairs(minetest.get_all_craft_recipes(item) or {}) do
			if index > MOST then
				break
			end
			table.insert(lines, recipe.method .. ": " .. ingredients(recipe) .. " -> " .. recipe.output)
		end
		if #lines == 0 then
			return true, item .. " cannot be made."
		end
		return true, table.concat(lines, "\n")
	end,
})

minetest.register_chatcommand("uses", {
	params = "<item>",
	description = "Tells what an item is good for",
	func = function(_, text)
		local item = find_item(text)
		if not item then
			return false, "No item is called like that."
		end
		local outputs = {}
		for name in pairs(minetest.registered_items) do
			-- The recipe of the empty name is tool repair.
			for _, recipe in ipairs(minetest.get_all_craft_recipes(name) or {}) do
				if name ~= "" and table.indexof(recipe.items, item) > 0 then
					outputs[name] = true
				end
			end
		end
		local names = {}
		for name in pairs(outputs) do
			table.insert(names, name)
		end
		table.sort(names)
		local more = #names > MOST and " and " .. (#names - MOST) .. " more" or ""
		local shown = table.concat(names, ", ", 1, math.min(MOST, #names))
		return true, #names == 0 and item .. " is in no recipe." or item .. " makes " .. shown .. more
	end,
})

minetest.register_craftitem("pocket_guide:book", {
	description = "Pocket Guide",
	inventory_image = "pocket_guide_book.png",
	on_use = function(stack, player)
		local held = player:get_inventory():get_stack("main", 1)
		local name = player:get_player_name()
		local _, words = minetest.registered_chatcommands.recipe.func(name, held:get_name())
		minetest.chat_send_player(name, words)
		return stack
	end,
})

minetest.register_craft({ type = "shapeless", output = "pocket_guide:book", recipe = { "default:paper", "default:stick" } })

minetest.register_on_mods_loaded(function()
	local count = 0
	for name in pairs(minetest.registered_items) do
		count = count + (name ~= "" and minetest.get_all_craft_recipes(name) and 1 or 0)
	end
	minetest.log("action", "[pocket_guide] knows how to make " .. count .. " items")
end)
