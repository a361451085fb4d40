-- Strikes the hours. Part 9 of 10.

clockwork_chime = {}

minetest.register_craftitem("clockwork_chime:chime", {
	description = "Chime",
	inventory_image = "clockwork_chime.png",
	groups = { clockwork = 1 },
})

minetest.register_craft({
	output = "clockwork_chime:chime",
	recipe = { { "default:gold_ingot", "clockwork_hands:hands", "default:gold_ingot" } },
})

local listeners = {}
local last_hour

--- Calls `listener(hour)` at every full hour, with the hour from 1 to 12.
function clockwork_chime.on_hour(listener)
	table.insert(listeners, listener)
end

local function listen_to_the_hands()
	local hour = clockwork_dial.time()
	if last_hour and hour ~= last_hour then
		for _, listener in ipairs(listeners) do
			listener((hour + 11) % 12 + 1)
		end
	end
	last_hour = hour
	minetest.after(1, listen_to_the_hands)
end

minetest.after(1, listen_to_the_hands)

minetest.log("action", "[clockwork_chime] part 9 of 10")
