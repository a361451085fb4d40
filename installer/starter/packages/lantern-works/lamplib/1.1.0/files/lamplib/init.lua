-- Lamps for other mods: one call registers the lit node, the dark node and the recipe, and a click switches it.

lamplib = { registered = {} }

local BOX = {
	type = "fixed",
	fixed = {
		{ -0.25, -0.5, -0.25, 0.25, -0.375, 0.25 },
		{ -0.1875, -0.375, -0.1875, 0.1875, 0.1875, 0.1875 },
		{ -0.25, 0.1875, -0.25, 0.25, 0.3125, 0.25 },
		{ -0.0625, 0.3125, -0.0625, 0.0625, 0.5, 0.0625 },
	},
}

local function lamp_node(def, lit)
	return {
		description = def.description,
		drawtype = "nodebox",
		node_box = BOX,
		selection_box = { type = "fixed", fixed = { -0.25, -0.5, -0.25, 0.25, 0.5, 0.25 } },
		tiles = { lit and def.texture or (def.texture .. "^[colorize:#101018:150") },
		inventory_image = lit and def.texture or nil,
		paramtype = "light",
		sunlight_propagates = true,
		light_source = lit and (def.light or 12) or 0,
		groups = { cracky = 2, oddly_breakable_by_hand = 2, lamp = 1, not_in_creative_inventory = lit and 0 or 1 },
		sounds = default.node_sound_glass_defaults(),
	}
end

--- Registers a lamp. `name` is "mod:lamp"; `def` has description, texture, light (0-14) and recipe (a shaped one).
function lamplib.register_lamp(name, def)
	assert(type(name) == "string" and name:find(":"), "a lamp is named mod:lamp")
	assert(def.description and def.texture, "a lamp needs a description and a texture")
	local dark = name .. "_dark"
	local lit_node, dark_node = lamp_node(def, true), lamp_node(def, false)
	lit_node.on_rightclick = function(pos, node)
		minetest.swap_node(pos, { name = dark, param2 = node.param2 })
	end
	dark_node.on_rightclick = function(pos, node)
		minetest.swap_node(pos, { name = name, param2 = node.param2 })
	end
	dark_node.drop = name
	minetest.register_node(name, lit_node)
	minetest.register_node(dark, dark_node)
	if def.recipe then
		minetest.register_craft({ output = name .. " 2", recipe = def.recipe })
	end
	table.insert(lamplib.registered, name)
end

--- How many lit lamps stand within `radius` nodes of `pos`.
function lamplib.count_around(pos, radius)
	if #lamplib.registered == 0 then
		return 0
	end
	local low, high = vector.subtract(pos, radius), vector.add(pos, radius)
	return #minetest.find_nodes_in_area(low, high, lamplib.registered)
end

minetest.register_chatcommand("lamps", {
	description = "Counts the lit lamps around you",
	func = function(name)
		local player = minetest.get_player_by_name(name)
		if not player then
			return false, "You are not in the world."
		end
		local count = lamplib.count_around(player:get_pos(), 16)
		return true, count == 1 and "One lamp burns near you." or count .. " lamps burn near you."
	end,
})

minetest.log("action", "[lamplib] ready for lamps")
